import { join } from 'node:path'
import { build } from 'rolldown'
import { expect, it } from 'vitest'

it('the function for browsers is smaller than 2 KB, and brings nothing else along', async () => {
  const input = join(import.meta.dirname, '../../src/browser.ts')
  const { output } = await build({ input, platform: 'browser', write: false, output: { minify: true, format: 'es' } })
  expect(output).toHaveLength(1)
  expect(output[0].imports).toEqual([])
  expect(Buffer.byteLength(output[0].code)).toBeLessThan(2048)
})
