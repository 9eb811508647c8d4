import { expect, it } from 'vitest'
import { median, ratioOfRounds } from '../statistics.ts'

it('takes the middle round, and the mean of the two middle ones of an even number', () => {
  expect(median([5, 1, 3, 2, 100])).toBe(3)
  expect(median([4, 1, 2, 3])).toBe(2.5)
})

it('compares round by round, so that a slow moment of the machine cancels out', () => {
  expect(ratioOfRounds([20, 2, 20], [10, 1, 10])).toEqual({ median: 2, spread: 0 })
})

it('tells how far the rounds are apart', () => {
  expect(ratioOfRounds([9, 10, 12], [10, 10, 10]).spread).toBeCloseTo(0.3)
})
