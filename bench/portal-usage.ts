// Runs before the portal in its process, and tells what that takes. The portal itself knows nothing of it.
import { answerParent } from './child.ts'

/** Since the beginning of the process, and now. */
export interface PortalUsage {
  /** Microseconds of processor time. */
  readonly used: number
  /** Bytes. */
  readonly memory: number
}

answerParent((): PortalUsage => {
  const { user, system } = process.cpuUsage()
  return { used: user + system, memory: process.memoryUsage.rss() }
})
