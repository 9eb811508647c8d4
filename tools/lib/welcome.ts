import type { EmulatorInfo, Person } from './emulator-info.ts'

/** What a start has to say. */
export interface Welcome {
  readonly portalUrl: string
  /** Undefined: the real Globus named by `globus`. */
  readonly info: EmulatorInfo | undefined
  readonly globus: string
  readonly showPasswords: boolean
  /** Lines about what differs from the usual: busy ports, another data folder. */
  readonly remarks: readonly string[]
}

/** The text that `npm start` prints once everything answers. */
export function welcomeText(welcome: Welcome): string {
  const { info, portalUrl } = welcome
  const globus =
    info === undefined
      ? `the real one (${welcome.globus}); people log in with their own accounts`
      : `a local emulator at ${info.url} (PIERHEAD_GLOBUS=production uses the real one)`
  const head = ['', ...welcome.remarks, `Globus   ${globus}`, `Portal   ${portalUrl}`]
  const local =
    info === undefined ? [] : [...people(info.people, welcome.showPasswords), ...path(portalUrl, info.people)]
  return [...head, ...local, '', 'Ctrl-C stops everything.', ''].join('\n')
}

function people(all: readonly Person[], showPasswords: boolean): string[] {
  // Service identities cannot log in, and have no password.
  const shown = all.filter((person) => person.password !== '')
  const rows = shown.map((person) => [
    person.name,
    person.username,
    person.organization || 'no organization',
    ...(showPasswords ? [person.password] : []),
  ])
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  )
  const hint = showPasswords ? [] : ['  (one click each; -- --show-passwords prints the passwords)']
  return ['', 'People', ...lines, ...hint]
}

function path(portalUrl: string, all: readonly Person[]): string[] {
  const first = all.find((person) => person.name === 'Maya Okafor') ?? all[0]
  return [
    '',
    'Two minutes',
    `  1. Open ${portalUrl} and choose "Login to Globus".`,
    `  2. Choose ${first?.name ?? 'a person'}, then Allow.`,
    '  3. Collections: search for "tide", open Tidal Survey Archive, and allow it once.',
    '  4. Open a table in stations, "Enable upload and download" once: its numbers are drawn.',
    '  5. In the top folder tick survey-2026, "Copy to…", Campus Cluster Scratch, allow that too, "Go on", and watch.',
    '  6. Tide Crew Workspace: open results, "Share" it with sam@globusid.org. Be Sam in a private window: "Shared with me".',
    '  7. In another private window be Ingrid Solheim: Hospital Imaging opens after her fresh login, and asks for another',
    '     half an hour later. Maya is told why it does not open for her.',
  ]
}
