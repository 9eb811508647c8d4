/** `displayName` for `display_name`, in an object's own keys; null where nothing is said stays. */
export const camelNames = (object: object): object =>
  renamed(object, (name) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))

/** `display_name` for `displayName`. */
export const snakeNames = (object: object): object =>
  renamed(object, (name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))

const renamed = (object: object, rename: (name: string) => string): object =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [rename(name), value] as const),
  )
