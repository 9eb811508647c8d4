/** What matches the output that a guide shows: `…` stands for anything, also for several lines. */
export function matcherOf(shown: string): RegExp {
  const parts = shown.trim().split('…')
  return new RegExp(`^${parts.map(escape).join(String.raw`[\s\S]*`)}$`)
}

const escape = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
