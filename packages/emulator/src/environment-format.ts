type Variables = Readonly<Record<string, string>>

/** How variables can be written: for a shell to eval, for a `.env` file, as JSON, and for the file that `$GITHUB_ENV` names. */
export const environmentFormats: Readonly<Record<string, (variables: Variables) => string>> = {
  sh: (variables) => lines(variables, (name, value) => `export ${name}=${quoteForShell(value)}`),
  dotenv: (variables) => lines(variables, (name, value) => `${name}=${quoteForDotenv(value)}`),
  json: (variables) => `${JSON.stringify(variables, null, 2)}\n`,
  github: (variables) => lines(variables, (name, value) => `${name}=${value}`),
}

const lines = (variables: Variables, write: (name: string, value: string) => string): string =>
  Object.entries(variables)
    .map(([name, value]) => `${write(name, value)}\n`)
    .join('')

const quoteForShell = (value: string): string => `'${value.replaceAll("'", String.raw`'\''`)}'`

// Every reader of .env files takes these characters as they are; single quotes keep the rest from being expanded.
const quoteForDotenv = (value: string): string => (/^[\w./:+=@%&?~-]*$/.test(value) ? value : `'${value}'`)

/** The variables as a script for a page, before the SDK's own. */
export const asScript = (variables: Variables): string => `Object.assign(globalThis, ${JSON.stringify(variables)})\n`
