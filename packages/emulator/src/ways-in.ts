import { clientEnvironment, serviceUrls, type Runtime } from './client-environment.ts'
import type { Clock } from './clock.ts'
import type { EmulatorContext } from './context.ts'
import { describeClient } from './info.ts'
import { credentialsOf, requireClient, requirePerson } from './scripts/find-person.ts'
import { createUserAgent, type Person, type UserAgent } from './user-agent.ts'
import type { Ageable } from './world/time-shift.ts'

/** How a test in the same process reaches the emulator as a program, as a person and in time. */
export interface WaysIn {
  /** The variables by which the official clients find the services. */
  readonly env: Readonly<Record<string, string>>
  /**
   * The variables for one program, with its registration if a client is named.
   *
   * @throws TypeError for a client that does not exist
   */
  envFor(program: ProgramChoice): Readonly<Record<string, string>>
  /**
   * The browser of that person, without a window.
   *
   * @throws TypeError when there is nobody, or more than one, with that id, username or name
   */
  userAgent(identity: string): PersonalUserAgent
  readonly clock: EmulatorClock
}

/** Which client a program is, and in what it is written. */
export interface ProgramChoice {
  /** Id or name of a client. */
  readonly client?: string | undefined
  /** Default `node`. */
  readonly runtime?: Runtime | undefined
}

/** A browser that one person uses. */
export interface PersonalUserAgent extends Pick<UserAgent, 'request'> {
  /** As `UserAgent.authorize`, always as that person. */
  authorize(address: string | URL, choices?: Omit<Person, 'as' | 'password'>): Promise<URL>
}

/** The emulator's time. It stays true, because clients look at their own clocks; what exists can become older. */
export interface EmulatorClock extends Clock {
  /** Lets that many seconds pass for every token, code, consent, login and begun login that exists. */
  advance(seconds: number): void
}

const aging: readonly Ageable[] = ['tokens', 'codes', 'consents', 'authentications', 'attempts']

export function waysIn(context: EmulatorContext, fetch: (request: Request) => Promise<Response>): WaysIn {
  const { issuer, world, clock } = context
  return {
    env: serviceUrls(issuer),
    envFor: ({ client, runtime = 'node' }) => {
      const found = client === undefined ? undefined : describeClient(requireClient(world, client), world)
      return clientEnvironment(issuer, { runtime, client: found })
    },
    userAgent: (identity) => {
      const { id } = requirePerson(world, identity)
      const browser = createUserAgent({ fetch })
      return {
        request: (address, init) => browser.request(address, init),
        authorize: (address, choices = {}) =>
          browser.authorize(address, { ...choices, as: id, ...credentialsOf(id, world) }),
      }
    },
    clock: {
      now: () => clock.now(),
      sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
      advance: (seconds) =>
        world.transaction(() => {
          for (const what of aging) world.timeShift.age(what, seconds * 1000)
        }),
    },
  }
}
