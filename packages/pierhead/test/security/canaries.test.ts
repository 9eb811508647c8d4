import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isPierheadError } from '../../src/index.ts'
import { describeCause } from '../../src/lib/login/events.ts'
import type { WireAnswer } from '../support/browser.ts'
import { ben, type TestProvider } from '../support/provider.ts'
import { createRig, logIn, logOut, openSession, start, type Rig } from '../support/rig.ts'

/** Everything that a secret of this run may look like, also taken out of base64. */
function leaks(text: string): string[] {
  const decoded = text.split(/[^\w+/=-]+/).map((word) => Buffer.from(word, 'base64').toString('latin1'))
  return [text, ...decoded].flatMap((each) => each.match(/CANARY[\w+/=:-]*/g) ?? [])
}

function transcript(answers: readonly WireAnswer[]): string {
  return answers
    .map(({ headers, body }) => `${[...headers].map((pair) => pair.join(': ')).join('\n')}\n${body}`)
    .join('\n')
}

type Fault = (provider: TestProvider) => void

const faults: Readonly<Record<string, Fault>> = {
  'nothing at all': () => undefined,
  'the token endpoint answering 500': ({ behave }) => (behave.fail.token = 500),
  'the token endpoint refusing the code': ({ behave }) => (behave.fail.token = 'invalid_grant'),
  'the token endpoint breaking off': ({ behave }) => (behave.fail.token = 'reset'),
  'the client secret refused': ({ behave }) => (behave.fail.token = 401),
  'a nonce that is not ours': ({ behave }) => (behave.claims = (claims) => ({ ...claims, nonce: 'x' })),
  'an audience that is not ours': ({ behave }) => (behave.claims = (claims) => ({ ...claims, aud: 'x' })),
  'UserInfo about another person': ({ behave }) => (behave.userinfo = (claims) => ({ ...claims, sub: ben.sub })),
  'UserInfo answering 500': ({ behave }) => (behave.fail.userinfo = 500),
  'keys that cannot be fetched': ({ behave }) => (behave.fail.keys = 'reset'),
  'tokens of a wrong shape': ({ behave }) =>
    (behave.tokenResponse = (response) => ({ ...response, token_type: 'mac' })),
  'revocation failing': ({ behave }) => (behave.fail.revoke = 'reset'),
}

describe('secrets with recognisable marks', () => {
  for (const store of [undefined, 'cookie'] as const) {
    for (const [what, fault] of Object.entries(faults)) {
      it(`S1.17 SEC-45 SEC-105 appear in no log, event, header or page after ${what}, sessions in ${store ?? 'a store'}`, async () => {
        const rig = await createRig(store === undefined ? {} : { store })
        fault(rig.provider)
        const answers = await liveThrough(rig)
        expect(answers.length).toBeGreaterThan(8)
        // The address at the provider carries a challenge, never the verifier; the callback's code is the browser's own.
        expect(leaks(transcript(answers))).toEqual([])
        const logged = rig.events.map(
          (event) =>
            `${JSON.stringify(event)} ${inspect(event, { depth: 9, showHidden: true })} ${describeCause(event.cause)}`,
        )
        expect(logged.length).toBeGreaterThan(0)
        expect(leaks(logged.join('\n'))).toEqual([])
      })
    }
  }

  it.each([401, 500, 'invalid_grant', 'reset'] as const)(
    'SEC-105 appear in no error of a refresh that fails with %s',
    async (failure) => {
      const rig = await createRig()
      rig.provider.behave.expiresIn = 3600
      await logIn(rig)
      await rig.clock.advance(3_601_000)
      rig.provider.behave.fail.token = failure
      const session = await openSession(rig.login, rig.browser)
      const error: unknown = await session.accessToken('transfer.api.globus.org').catch((caught: unknown) => caught)
      expect(isPierheadError(error)).toBe(true)
      expect(leaks(`${inspect(error, { depth: 9, showHidden: true })} ${describeCause(error)}`)).toEqual([])
    },
  )

  it('are found by this scan, also in base64', async () => {
    const rig = await createRig()
    await logIn(rig)
    const [token] = rig.provider.issued
    expect(leaks(`Bearer ${token?.text}`)).toEqual([token?.text])
    expect(leaks(`"${Buffer.from(`{"t":"${token?.text}"}`).toString('base64url')}"`)).toEqual([token?.text])
  })

  it('SEC-45 the session that a page gets shows no token when it is printed', async () => {
    const rig = await createRig()
    await logIn(rig)
    const session = await openSession(rig.login, rig.browser)
    expect(leaks(JSON.stringify(session))).toEqual([])
    expect(leaks(inspect(session, { depth: 9, showHidden: true, getters: true }))).toEqual([])
  })
})

/** A login, pages, a refusal, a forged request, a replay and a logout. */
async function liveThrough(rig: Rig): Promise<WireAnswer[]> {
  const { browser } = rig
  const answers: WireAnswer[] = [await browser.visit('/private'), await browser.visit('/login')]
  const callback = rig.provider.approve(await start(browser))
  answers.push(await browser.visit(callback), await browser.visit(callback), await browser.copy().visit(callback))
  for (const target of ['/', '/private', '/logout', '/login?error=server_error&state=x', '/nowhere']) {
    answers.push(await browser.visit(target), await browser.visit(target, { fetch: true }))
  }
  answers.push(await browser.visit('/data', { method: 'POST', form: { csrf_token: 'forged' } }), await logOut(browser))
  return answers
}
