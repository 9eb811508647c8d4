import type { Mutant } from '../lib/mutants.ts'

const source = 'packages/pierhead/src/lib/globus'
const tests = (...names: readonly string[]) => ({
  project: 'pierhead',
  files: names.map((name) => `test/globus/${name}`),
})

/** Checks of the calls to Globus services. */
export const mutants: readonly Mutant[] = [
  {
    name: 'a Globus service: headers of GLOBUS_SDK_OPTIONS go out as they are',
    file: `${source}/transport.ts`,
    find: 'for (const name of ownHeaders) headers.delete(name)',
    replace: '',
    tests: tests('sdk-surprises'),
  },
  {
    name: 'a Globus service: redirects are followed',
    file: `${source}/transport.ts`,
    find: "redirect: 'manual'",
    replace: "redirect: 'follow'",
    tests: tests('transport'),
  },
  {
    name: 'a Globus service: an echoed token stays in the error',
    file: `${source}/error-document.ts`,
    find: "value.replaceAll(token, '[token]')",
    replace: 'value',
    tests: tests('transport'),
  },
  {
    name: 'a Globus service: answers have no limit',
    file: `${source}/answer.ts`,
    find: 'if (length > most)',
    replace: 'if (false)',
    tests: tests('transport'),
  },
  {
    name: 'a Globus service: a 502 about a collection is tried again',
    file: `${source}/retry.ts`,
    find: ' && !remoteTrouble.test(serviceCode)',
    replace: '',
    tests: tests('retry'),
  },
  {
    name: 'a Globus service: ids go into paths unchecked',
    file: `${source}/identifiers.ts`,
    find: "if (typeof value === 'string' && uuid.test(value))",
    replace: "if (typeof value === 'string')",
    tests: tests('methods'),
  },
  {
    name: 'a Globus service: a list asks for the same page for ever',
    file: `${source}/paging.ts`,
    find: 'if (String(asked.parameters[name]) !== cursor)',
    replace: "if (String(asked.parameters[name]) !== cursor || cursor === '7')",
    tests: tests('paging'),
  },
  {
    name: 'a Globus service: an empty page has a next one',
    file: `${source}/paging.ts`,
    find: 'count === 0 || ',
    replace: '',
    tests: tests('paging'),
  },
  {
    name: 'a Globus service: a submission gets another id each time',
    file: `${source}/submission.ts`,
    find: 'kept.set(payload, id)',
    replace: '',
    tests: tests('tasks'),
  },
  {
    name: 'a collection: its name may stand for a private address',
    file: `${source}/collection-address.ts`,
    find: '!first || addresses.some(({ address }) => isPrivate(address))',
    replace: '!first',
    tests: tests('collection'),
  },
  {
    name: 'a collection: its server may be http',
    file: `${source}/collection-address.ts`,
    find: "if (url.protocol !== 'https:') throw refused(`its ${what} is not https`, service)",
    replace: '',
    tests: tests('collection'),
  },
  {
    name: 'a manager: it may be that of another endpoint',
    file: `${source}/gcs-manager.ts`,
    find: 'if (String(said).toLowerCase() !== expected)',
    replace: 'if (false)',
    tests: tests('gcs-manager'),
  },
  {
    name: 'a manager: its name may stand for a private address',
    file: `${source}/guarded-fetch.ts`,
    find: '...(isChecked && { lookup: guardedLookup(url.hostname, lookup) }),',
    replace: '...(isChecked && lookup && { lookup }),',
    tests: tests('gcs-manager'),
  },
  {
    name: 'requirements: a scope may hold any character',
    file: `${source}/authorization-requirements.ts`,
    find: 'text.length <= maximumItems * maximumScope && scope.test(text.trim())',
    replace: 'true',
    tests: tests('authorization-requirements'),
  },
  {
    name: 'a Globus service: a stream is sent again after its end',
    file: `${source}/repeat-call.ts`,
    find: ' || request.sentOnce === true',
    replace: '',
    tests: tests('refused-token'),
  },
  {
    name: 'a Globus service: the token that was refused is sent again',
    file: `${source}/repeat-call.ts`,
    find: 'if (next === token) throw error',
    replace: '',
    tests: tests('refused-token'),
  },
  {
    name: 'a Globus service: a membership counts before it begins',
    file: `${source}/my-groups.ts`,
    find: " || status !== 'active'",
    replace: '',
    tests: { project: 'pierhead', files: ['test/login/group-guard'] },
  },
]
