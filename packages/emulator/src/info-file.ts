import { renameSync, rmSync, writeFileSync } from 'node:fs'
import type { EmulatorInfo } from './info.ts'

/** Writes the file of `--info`: readable by its owner only, and never seen half written. */
export function writeInfo(file: string, info: EmulatorInfo): void {
  const draft = `${file}.${process.pid}.tmp`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
}

/** Removes the file, whose address and control token are dead now. */
export const removeInfo = (file: string): void => rmSync(file, { force: true })
