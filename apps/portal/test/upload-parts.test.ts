import { describe, expect, it } from 'vitest'
import { readChosen } from '../src/client/dropped.ts'
import { wrongName } from '../src/client/upload-name.ts'
import { parseName } from '../src/files/path.ts'

/** A file as a browser gives it for a folder that was chosen. */
function chosen(path: string, content = ''): File {
  const file = new File([content], path.slice(path.lastIndexOf('/') + 1))
  return Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' })
}

describe('the name of what is uploaded', () => {
  it.each([
    ['plain.txt', undefined],
    [' blanks ', undefined],
    ['.hidden', undefined],
    ['..a', undefined],
    ['<b>"x" & y</b>'.replace('/', ''), undefined],
    ['ünï🌊', undefined],
    ['', 'uploadNameDots'],
    ['.', 'uploadNameDots'],
    ['..', 'uploadNameDots'],
    ['line\nbreak', 'uploadNameSigns'],
    ['nul\0', 'uploadNameSigns'],
    ['a/b', 'uploadNameSigns'],
    ['half \ud83c', 'uploadNameSigns'],
    ['x'.repeat(255), undefined],
    ['x'.repeat(256), 'uploadNameLong'],
    ['é'.repeat(128), 'uploadNameLong'],
  ])('%j: %s', (name, why) => {
    expect(wrongName(name)).toBe(why)
    // Whatever the script sends, the portal takes.
    expect(why === undefined ? parseName(name) : name).toBe(name)
  })
})

describe('files that were chosen', () => {
  it('come after the folders that they are in, each of which is made once', () => {
    const { isTooMuch, refused, uploads } = readChosen(
      ['a/one', 'a/b/c/two', 'a/b/three', 'alone'].map((path) => chosen(path, 'x')),
    )
    expect(uploads.map(({ file, folder, name }) => `${folder}${name}${file === undefined ? '/' : ''}`)).toEqual([
      'a/',
      'a/one',
      'a/b/',
      'a/b/c/',
      'a/b/c/two',
      'a/b/three',
      'alone',
    ])
    expect([refused, isTooMuch]).toEqual([[], false])
  })

  it('are left out with the folder that cannot be made, which is named once', () => {
    const { refused, uploads } = readChosen(
      ['a/bad\nname/one', 'a/bad\nname/deep/two', 'a/good', 'a/o\td'].map((path) => chosen(path)),
    )
    expect(uploads.map(({ folder, name }) => folder + name)).toEqual(['a', 'a/good'])
    expect(refused).toEqual([
      { path: 'a/bad\nname', why: 'uploadNameSigns' },
      { path: 'a/o\td', why: 'uploadNameSigns' },
    ])
  })

  it('never lead above the open folder', () => {
    const { refused, uploads } = readChosen(['../../up', 'a/../../up', './here'].map((path) => chosen(path)))
    expect(uploads.map(({ folder, name }) => folder + name)).toEqual(['a'])
    expect(refused.map(({ why }) => why)).toEqual(['uploadNameDots', 'uploadNameDots', 'uploadNameDots'])
  })

  it('are too much beyond 100,000, with their folders', () => {
    const files = Array<File>(100_000).fill(chosen('a/one'))
    expect(readChosen(files.slice(0, -1))).toMatchObject({ isTooMuch: false, refused: [] })
    expect(readChosen(files).isTooMuch).toBe(true)
  })
})
