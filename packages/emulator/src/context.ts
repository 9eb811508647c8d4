import type { Clock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { DataOrigins } from './https-data/origins.ts'
import type { Behaviour } from './options.ts'
import type { RandomBytes } from './random.ts'
import type { TransferService } from './transfer/service.ts'
import type { World } from './world.ts'

/** What every endpoint works with. */
export interface EmulatorContext {
  /** `scheme://host:port` of the emulator without a trailing slash; the `iss` of its tokens. */
  readonly issuer: string
  readonly world: World
  readonly behaviour: Behaviour
  readonly faults: Faults
  readonly clock: Clock
  /** Seconds by which the times in answers are wrong, while a fault wants that. */
  readonly skew?: number
  readonly random: RandomBytes
  readonly transfer: TransferService
  /** The addresses at which collections serve their files. */
  readonly origins: DataOrigins
  /** A line for the operator, without secrets. */
  readonly warn: (message: string) => void
}
