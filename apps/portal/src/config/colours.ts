/** The surfaces that links and quiet buttons stand on. */
export const surfaces = { light: '#ffffff', dark: '#152229' } as const
/** Text on a button. The one that can be read better is taken. */
const inks = ['#ffffff', '#05222a'] as const

/** Contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].toSorted((left, right) => right - left)
  return (lighter + 0.05) / (darker + 0.05)
}

/** The ink for text on this colour. */
export function inkOn(colour: string): string {
  return contrast(colour, inks[0]) >= contrast(colour, inks[1]) ? inks[0] : inks[1]
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
