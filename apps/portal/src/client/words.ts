/** Words that the page brings along for its script. */
export type Words = (name: string, ...fill: readonly (string | number)[]) => string

/** Reads the words of `data-words`. `##` and `#` stand for what is filled in, the longer first. */
export function wordsOf(element: HTMLElement | null): Words {
  // Written by the portal; whatever is no text is not shown.
  const all = JSON.parse(element?.dataset['words'] ?? '{}') as Record<string, unknown>
  return (name, ...fill) => {
    const text = all[name]
    if (typeof text !== 'string') return ''
    const [first = '', second = ''] = fill.map(String)
    return text.replace('##', () => second).replace('#', () => first)
  }
}
