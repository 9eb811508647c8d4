/** The id behind the button of a login page for that person, who is named by id, username or name. */
export function personOnPage(page: string, wanted: string): string | undefined {
  const text = wanted.toLowerCase()
  const rows = page.split('<button name="identity" value="').slice(1)
  for (const row of rows) {
    const [, id = '', name = ''] = /^([^"]*)">([^<]*)</.exec(row) ?? []
    const username = /class="username">([^<]*)</.exec(row)?.[1] ?? ''
    if ([id, name, username].some((key) => decode(key).trim().toLowerCase() === text)) return id
  }
  return undefined
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

const decode = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole)
