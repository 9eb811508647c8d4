/** The lines, from 1, on which the values of a JSON text begin, by their place such as `clients.0.name`; the whole is at the empty place. */
export function linesOf(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  const reader = { text, at: 0, line: 1 }
  readValue(reader, '', lines)
  return lines
}

interface Reader {
  readonly text: string
  at: number
  line: number
}

/** Goes over a value. The text has been parsed before, so that nothing is wrong in it. */
function readValue(reader: Reader, place: string, lines: Map<string, number>): void {
  skipSpace(reader)
  lines.set(place, reader.line)
  const first = reader.text[reader.at]
  if (first === '"') readText(reader)
  else if (first === '{' || first === '[') readItems(reader, place, lines)
  else while (reader.at < reader.text.length && !/[\s,\]}]/.test(reader.text[reader.at] ?? '')) reader.at += 1
}

function readItems(reader: Reader, place: string, lines: Map<string, number>): void {
  const isObject = reader.text[reader.at] === '{'
  reader.at += 1
  for (let index = 0; reader.at < reader.text.length; index += 1) {
    skipSpace(reader)
    const next = reader.text[reader.at]
    if (next === '}' || next === ']') {
      reader.at += 1
      return
    }
    const name = isObject ? readName(reader) : String(index)
    readValue(reader, place === '' ? name : `${place}.${name}`, lines)
    skipSpace(reader)
    if (reader.text[reader.at] === ',') reader.at += 1
  }
}

function readName(reader: Reader): string {
  const name = String(JSON.parse(readText(reader)))
  skipSpace(reader)
  reader.at += 1
  return name
}

function readText(reader: Reader): string {
  const start = reader.at
  reader.at += 1
  while (reader.at < reader.text.length && reader.text[reader.at] !== '"') {
    reader.at += reader.text[reader.at] === '\\' ? 2 : 1
  }
  reader.at += 1
  return reader.text.slice(start, reader.at)
}

function skipSpace(reader: Reader): void {
  for (; /\s/.test(reader.text[reader.at] ?? ''); reader.at += 1) {
    if (reader.text[reader.at] === '\n') reader.line += 1
  }
}
