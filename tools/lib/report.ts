import { root } from './root.ts'

/** A check looks at the tree below a folder and returns one line for each thing that is wrong. */
export type Check = (root: string) => readonly string[]

/** Runs a check on this repository when its file was started as a program. */
export function runAlone(isMain: boolean, check: Check): void {
  if (!isMain) return
  const findings = check(root)
  for (const finding of findings) console.error(finding)
  process.exitCode = findings.length > 0 ? 1 : 0
}
