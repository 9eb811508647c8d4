import * as authCore from './auth-core.ts'
import * as betterAuth from './better-auth.ts'
import * as expressOpenidConnect from './express-openid-connect.ts'
import * as pierhead from './pierhead.ts'
import type { Outcome, Scene } from './scene.ts'

/** One defect, reproduced in the named release of a library and tried with the kit. */
export interface Comparison {
  readonly id: string
  readonly what: string
  readonly library: string
  readonly theirs: Outcome
  readonly ours: Outcome
}

const titles: Readonly<Record<string, string>> = {
  R1: 'A session in cookies that shrinks',
  R2: 'Four requests when a token expires, the provider rotating refresh tokens',
  R3: 'A slow request that only reads, and a write meanwhile',
  R4: 'A slow request, and a logout meanwhile',
  R5: 'Two logins started in one browser',
  R6: 'Two logins started, the first one finished',
  R7: 'Two logins started, the first one finished',
  R8: 'Four requests when a token expires, the provider rotating refresh tokens',
}

const peers = [expressOpenidConnect, authCore, betterAuth]

/** Runs them one after the other. */
export async function compareAll(scene: Scene): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const { library, reproductions } of peers)
    for (const [id, reproduce] of Object.entries(reproductions)) {
      const ours = pierhead.reproductions[id]
      if (ours === undefined) throw new Error(`The kit has no ${id}.`)
      comparisons.push({
        id,
        what: titles[id] ?? id,
        library,
        theirs: await reproduce(scene),
        ours: await ours(scene),
      })
    }
  return comparisons
}
