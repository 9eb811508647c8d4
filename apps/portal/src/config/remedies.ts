const developers = 'https://app.globus.org/settings/developers'
const group = 'the UUID of a Globus group, or a list of them; members of any of them are let in'
const secretFile = 'the path of a file that holds nothing but it, such as /run/secrets/portal'
const people = 'a list of usernames such as ada@example.edu, or UUIDs of identities'

/**
 * What each key must be. Said to the person who starts the portal, so with an example or the way to get one. This is also
 * the list of keys that exist: `[]` stands for a place in a list.
 */
export const remedies: Readonly<Record<string, string>> = {
  'server.port': 'a port number from 1 to 65535, such as 8888 (the default)',
  'server.listen': 'loopback (the default: a proxy on this machine stands before it) or everywhere (in a container)',
  'server.data': 'the folder that keeps sessions, such as .pierhead (the default)',
  'session.secret':
    'at least 32 bytes that nobody can guess; make them with: openssl rand -base64 48 (to change it: the new one, a comma, the old one)',
  'session.secretFile': secretFile,
  'session.storeUrl':
    'redis://, rediss:// or postgres:// with the host and what else the server asks for, such as redis://127.0.0.1:6379, ' +
    'or absent for a file in PIERHEAD_DATA',
  'session.storeUrlFile': secretFile,
  'globus.clientId': `the client UUID of the portal's registration; register it at ${developers}`,
  'globus.clientSecret': `a secret of that client; make one on its page at ${developers}`,
  'globus.clientSecretFile': secretFile,
  'globus.redirectUri':
    'the redirect registered for that client, character by character: https with a path, such as ' +
    'https://data.example.org/login, or http on this machine only, such as http://localhost:8888/login',
  'globus.environment': 'production (the default) or preview',
  'globus.services': 'addresses by service, such as AUTH: https://auth.globus.org/',
  'globus.services.*': 'the https address of that service, such as https://auth.globus.org/; http on this machine only',
  'metrics.token': 'at least 16 characters without spaces that nobody can guess; make them with: openssl rand -hex 24',
  'metrics.tokenFile': secretFile,
  'development.revealTokens': '1 to let people see their own access tokens while developing, or absent',
  mode: 'datasets (published datasets only), browser (collections and files only), or both (the default)',
  'site.name': 'the name of the portal in at most 60 characters, such as Harbour Data',
  'site.logo': 'an SVG, PNG, JPEG or WebP image of at most 256 kB, by its path from the file, such as logo.svg',
  'site.accent.light': "a colour such as '#0d5c6b' that can be read on white: a contrast of 4.5 or more",
  'site.accent.dark': "a colour such as '#86cdd8' that can be read on #152229: a contrast of 4.5 or more",
  'site.welcome': 'a text of at most 4,000 characters in Markdown for the home page',
  'site.contact': 'whom to ask for access or help: an e-mail address such as data@example.org, or an https address',
  'site.links': 'a list of links for the foot of each page, each with text and href',
  'site.links[].text': 'what the link says, such as Imprint',
  'site.links[].href': 'where it leads: a path such as /data, or an https or mailto address',
  ...accessRemedies('access'),
  'admins.identities': people,
  'admins.group': group,
  datasets: 'a list of datasets, each with id, title and collection',
  'datasets[].id': 'a word for the address, of small letters, digits and hyphens, such as tidal-survey; each one once',
  'datasets[].title': 'its name in at most 200 characters, such as Tidal Survey 2026',
  'datasets[].text': 'what it is, in at most 10,000 characters of Markdown',
  'datasets[].image': 'an SVG, PNG, JPEG or WebP image of at most 1 MB, by its path from the file, such as tides.svg',
  'datasets[].imageText': 'what the image shows, for those who do not see it; absent where it only decorates',
  'datasets[].collection': 'the UUID of the collection that holds it, such as 6c54cade-bde5-45c1-bdea-f4bd71dba2cc',
  'datasets[].path': 'its folder there, such as /release/2026/ (default /), without . and ..',
  'datasets[].licence': 'its name, such as CC0 1.0, or name and href',
  'datasets[].licence.name': 'the name of the licence, such as CC BY 4.0',
  'datasets[].licence.href': 'the https address of its text',
  'datasets[].citation': 'how to cite it, such as: Okafor, M. (2026): Tidal Survey. Harbour University.',
  'datasets[].size': 'how large all of it is, such as 12.4 GB, or a number of bytes; absent: the portal counts',
  'datasets[].files': 'how many files there are in all of it, such as 1204',
  'datasets[].keywords': 'a list of at most 20 words',
  'datasets[].contact': 'whom to ask for access: an e-mail address such as data@example.org, or an https address',
  ...accessRemedies('datasets[].access'),
  'datasets[].access.grant':
    'read (the portal gives whoever meets access.require a permission to read the folder, where they ask for it), or absent',
  'search.index': 'the UUID of a Globus Search index',
  'search.title': 'what the search is called, such as Harbour Data; default: Search',
  'search.heading': 'the field that holds the heading of a record, such as title (the default)',
  'search.fields': 'a list of fields that are shown with each result',
  'search.fields[].field': 'the name of a field, with dots for fields within fields, such as location.lat',
  'search.fields[].title': 'what people read for it, such as Highest level; default: the name of the field',
  'search.facets': 'a list of fields by which results can be narrowed down',
  'search.facets[].field': 'the name of a field, such as year',
  'search.facets[].title': 'what people read for it, such as Year; default: the name of the field',
  'search.pageSize': 'how many results stand on a page, from 1 to 100 (default 20)',
}

function accessRemedies(key: string): Record<string, string> {
  return {
    [`${key}.require`]: 'one or more of group, domain and identities; all that are named must be met',
    [`${key}.require.group`]: group,
    [`${key}.require.domain`]: 'a domain such as example.edu, or a list of them; one of the linked identities has it',
    [`${key}.require.identities`]: people,
  }
}

/** The remedy for a place in the file; undefined where there is no such key. */
export function remedyFor(key: string): string | undefined {
  return remedies[key.replaceAll(/\[\d+\]/g, '[]').replace(/^(globus\.services)\.\w+$/, '$1.*')]
}

/** The keys that exist directly below a place. */
export function keysBelow(key: string): string[] {
  const place = key.replaceAll(/\[\d+\]/g, '[]')
  const prefix = place === '' ? '' : `${place}.`
  const below = Object.keys(remedies).filter((one) => one.startsWith(prefix) && !one.startsWith(`${place}[]`))
  return [...new Set(below.map((one) => one.slice(prefix.length).split(/[.[]/)[0] ?? ''))]
}
