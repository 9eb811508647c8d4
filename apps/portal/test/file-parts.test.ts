import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, minute } from '../src/client/amounts.ts'
import { packEntry, unpackEntry, type Entry } from '../src/client/entry.ts'
import { nameFilter, sortEntries } from '../src/client/entry-order.ts'
import { rowWriter } from '../src/client/row.ts'
import { crumbsOf, nameOf, parentOf, parseFile, parseFolder, parseName } from '../src/files/path.ts'
import { isPane, placeUrl, readPlace, type Place } from '../src/files/place.ts'
import { seriesOf } from '../src/preview/series.ts'
import { parseTable } from '../src/preview/table.ts'

const id = '5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4003'
const entry = (name: string, more: Partial<Entry> = {}): Entry => ({
  name,
  kind: 'file',
  size: 0,
  modified: undefined,
  ...more,
})
const hostile = fc.string({ unit: fc.constantFrom(...'<>"\'&;%#?+=\n b'.split('')), minLength: 1, maxLength: 12 })
const anyName = fc
  .oneof(hostile, fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }))
  .filter((name) => !/[/\0]/.test(name) && name.isWellFormed())

describe('a path', () => {
  it.each([
    ['/', '/'],
    ['/a', '/a/'],
    ['/a//b/./c/../', '/a/b/'],
    ['/../../etc', '/etc/'],
    ['/~/x/', '/~/x/'],
    ['~/x', '/~/x/'],
    ['relative', undefined],
    ['', undefined],
    ['/a\0b', undefined],
    [`/${'x'.repeat(5000)}`, undefined],
  ])('%j is the folder %j', (text, folder) => expect(parseFolder(text)).toBe(folder))

  it('names its parents, up to the top', () => {
    expect(crumbsOf('/a/b c/').map(({ path }) => path)).toEqual(['/a/', '/a/b c/'])
    expect([parentOf('/a/b/'), parentOf('/a/'), parentOf('/'), parentOf('/a/f.txt')]).toEqual([
      '/a/',
      '/',
      undefined,
      '/a/',
    ])
    expect([nameOf('/a/b/'), nameOf('/a/f.txt'), nameOf('/')]).toEqual(['b', 'f.txt', ''])
    expect([parseFile('/a/f.txt'), parseFile('/a/'), parseFile('/')]).toEqual(['/a/f.txt', undefined, undefined])
  })

  it('is never left by a name that somebody gives', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('/', '.', 'a', '\n', '\0', 'é'), maxLength: 6 }), (text) => {
        const name = parseName(text)
        expect(name === undefined || parentOf(`/folder/${name}`) === '/folder/').toBe(true)
        expect(name === undefined || !/[/\r\n\0]/.test(name)).toBe(true)
      }),
    )
  })
})

describe('the address of the files page', () => {
  const path = fc
    .array(
      anyName.filter((name) => !['.', '..', '~'].includes(name)),
      { maxLength: 4 },
    )
    .map((names) => (names.length === 0 ? '/' : `/${names.join('/')}/`))
  const pane = fc.record({
    id: fc.constantFrom(id, id.replace('4003', '4004')),
    path: fc.option(path, { nil: undefined }),
    order: fc.record({ by: fc.constantFrom('name', 'size', 'modified'), direction: fc.constantFrom('asc', 'desc') }),
    filter: fc.string({ unit: 'binary', maxLength: 50 }).filter((text) => text.isWellFormed()),
    hidden: fc.boolean(),
    page: fc.integer({ min: 1, max: 100 }),
    proceed: fc.boolean(),
  })

  it('says everything about the page, and is read back to the same', () => {
    fc.assert(
      fc.property(pane, fc.option(pane, { nil: undefined }), (left, right) => {
        const place: Place = { left, right }
        const url = new URL(placeUrl(place), 'http://portal')
        expect(readPlace(url.pathname.split('/')[2] ?? '', url.searchParams)).toEqual(place)
      }),
    )
  })

  it('ends in an open path where rows complete it', () => {
    const place = readPlace(id, new URLSearchParams({ path: '/a/', sort: 'size', other: id, otherPath: '/b/' }))
    if (place === undefined) throw new Error('This is a place.')
    expect(placeUrl(place, 'left')).toMatch(/&path=$/)
    expect(placeUrl(place, 'right')).toMatch(/&otherPath=$/)
    const opened = readPlace(id, new URL(`${placeUrl(place, 'right')}%2Fc%2F`, 'http://portal').searchParams)
    expect([opened?.left.path, isPane(opened?.right) && opened.right.path]).toEqual(['/a/', '/c/'])
  })
})

describe('the rows of a listing', () => {
  const options = {
    folderPrefix: '/f?path=',
    filePrefix: '/p?path=',
    path: '/a b/',
    select: 'Select',
    folderWord: 'Folder',
  }

  it('hold no markup of a name, and the name itself in their address and field', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const row = rowWriter(options)(entry(name))
        const tags = row.replaceAll(/<\/?(tr|td|input|a|span)(\s+[a-z-]+(="[^"<>]*")?)*>/g, '')
        expect(tags).not.toMatch(/[<>]/)
        expect(decodeURIComponent(/name="name" value="([^"]*)"/.exec(row)?.[1] ?? '')).toBe(name)
        const [, href = ''] = /href="([^"]*)"/.exec(row) ?? []
        expect(decodeURIComponent(href.replaceAll('&#39;', "'").slice('/p?path='.length))).toBe(`/a b/${name}`)
      }),
    )
  })

  it('have folders first, whatever they are sorted by', () => {
    const entries = [
      entry('b', { size: 1 }),
      entry('z', { kind: 'folder' }),
      entry('a', { size: 2 }),
      entry('y', { kind: 'folder' }),
    ]
    const names = (by: 'name' | 'size', direction: 'asc' | 'desc'): string =>
      sortEntries(entries, { by, direction })
        .map(({ name }) => name)
        .join('')
    expect([names('name', 'asc'), names('name', 'desc'), names('size', 'asc'), names('size', 'desc')]).toEqual([
      'yzab',
      'zyba',
      'yzba',
      'yzab',
    ])
  })

  it('are found by words and by patterns, whatever their case, and no text breaks the search', () => {
    const find = (text: string): string[] =>
      ['Tides.CSV', 'notes (1).txt', 'a+b'].filter((name) => nameFilter(text)(name))
    expect([find('csv'), find('T*s.c?v'), find('(1)'), find('+'), find('')].map((found) => found.length)).toEqual([
      1, 1, 1, 1, 3,
    ])
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, name) => void nameFilter(text)(name)))
  })

  it('travel to scripts without a loss', () => {
    for (const one of [
      entry('a', { kind: 'folder' }),
      entry('b', { size: 5, modified: 7 }),
      entry('c', { kind: 'other' }),
    ])
      expect(unpackEntry(packEntry(one))).toEqual(one)
  })

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9994, '10 kB'],
    [999_499, '999 kB'],
    [999_999, '1.0 MB'],
    [1_234_567, '1.2 MB'],
    [5e15, '5.0 PB'],
  ])('say %i as %s', (count, text) => expect(bytes(count)).toBe(text))

  it('are moments to the minute too, in UTC and whatever came before', () => {
    const moment = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) })
    fc.assert(
      fc.property(moment, (time) => {
        expect(minute(time)).toBe(new Date(time).toISOString().slice(0, 16).replace('T', ' '))
      }),
    )
  })
})

describe('a table', () => {
  const cell = fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).map((text) => text.trim())
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`

  it('is read back as it was written, with quotes, commas and line breaks in it', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            cell,
            cell,
            cell.map((text) => `${text}\nx`),
          ),
          { minLength: 1, maxLength: 8 },
        ),
        (rows) => {
          const text = ['a,b,c', ...rows.map((row) => row.map(quote).join(','))].join('\r\n')
          expect(parseTable(text, { isCut: false })?.rows).toEqual(rows)
        },
      ),
    )
  })

  it('is read with the delimiter of its first line, and without a last row that is cut off', () => {
    for (const delimiter of [',', ';', '\t', '|']) {
      const text = `a${delimiter}b\n1${delimiter}2\n3${delimiter}`
      expect(parseTable(text, { isCut: true })).toEqual({ columns: ['a', 'b'], rows: [['1', '2']] })
    }
    expect(parseTable('', { isCut: false })).toBeUndefined()
  })

  it('gives its numbers against time where a column holds times, else against the row', () => {
    const timed = parseTable('t,v,w\n2026-01-01,1,x\n2026-01-02,3,y\n2026-01-03,2,z\n', { isCut: false })
    expect(timed && seriesOf(timed)).toMatchObject([{ name: 'v', axis: 'time', from: 1, to: 3 }])
    const plain = parseTable('v\n1\n-2\n5e2\n', { isCut: false })
    expect(plain && seriesOf(plain)).toMatchObject([
      {
        axis: 'row',
        points: [
          [1, 1],
          [2, -2],
          [3, 500],
        ],
      },
    ])
    const words = parseTable('v\na\nb\n1\n', { isCut: false })
    expect(words && seriesOf(words)).toEqual([])
  })
})
