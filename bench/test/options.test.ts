import { describe, expect, it } from 'vitest'
import { benchOptions } from '../options.ts'

const tables = ['page', 'stores', 'portal'] as const

describe('the options of the bench', () => {
  it('measures all tables unless told otherwise', () => {
    expect(benchOptions([], tables)).toEqual({ only: [...tables], isShort: false, mustHold: false })
    expect(benchOptions(['--short', '--check'], tables)).toMatchObject({ isShort: true, mustHold: true })
  })

  it('measures some of them, in the usual order', () => {
    expect(benchOptions(['--only', 'portal,page'], tables)).toMatchObject({ only: ['page', 'portal'] })
    expect(benchOptions(['--only=stores'], tables)).toMatchObject({ only: ['stores'] })
  })

  it.each([[['--fast']], [['--only', 'moon']], [['--only']], [['portal']], [['--only', '']]])(
    'refuses %j, and says what there is',
    (args) => {
      expect(benchOptions(args, tables)).toEqual({ refused: expect.stringContaining('page, stores, portal') })
    },
  )
})
