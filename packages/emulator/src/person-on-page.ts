/** Whom a button of a login page logs in, named by id, username or name. */
export function personOnPage(
  page: string,
  wanted: string,
): { readonly id: string; readonly username: string } | undefined {
  const text = wanted.toLowerCase()
  const rows = page.split('<button name="identity" value="').slice(1)
  for (const row of rows) {
    const [, id = '', name = ''] = /^([^"]*)">([^<]*)</.exec(row) ?? []
    const username = /class="username">([^<]*)</.exec(row)?.[1] ?? ''
    const keys = [id, name, username].map((key) => decode(key).trim().toLowerCase())
    if (keys.includes(text)) return { id, username: decode(username) }
  }
  return undefined
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

const decode = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole)
