/** Why something cannot have its name at Globus; a name of words. */
export type WrongName = 'uploadNameSigns' | 'uploadNameLong' | 'uploadNameDots'

/** The same rule as for names that are given in the portal, with a word for each case. Undefined: it is a name. */
export function wrongName(name: string): WrongName | undefined {
  if (name === '' || name === '.' || name === '..') return 'uploadNameDots'
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f/]/.test(name) || !name.isWellFormed()) return 'uploadNameSigns'
  return new TextEncoder().encode(name).length > 255 ? 'uploadNameLong' : undefined
}
