import { describe, expect, it } from 'vitest'
import { budgets, missedBudgets } from '../budgets.ts'

const promised = [{ id: 'page/bare', what: 'a page ÷ another', atLeast: 0.5 }]
const quiet = { spread: 0.02 }

describe('budgets', () => {
  it('names a missed budget with its number', () => {
    const missed = missedBudgets(new Map([['page/bare', { median: 0.493, ...quiet }]]), promised)
    expect(missed).toEqual(['a page ÷ another: 0.49, at least 0.5 is promised'])
  })

  it('is content with a ratio that just keeps the promise', () => {
    expect(missedBudgets(new Map([['page/bare', { median: 0.5, ...quiet }]]), promised)).toEqual([])
  })

  it('counts what was not measured, or not as a number, as missed', () => {
    expect(missedBudgets(new Map(), promised)).toEqual(['a page ÷ another: not measured, at least 0.5 is promised'])
    expect(missedBudgets(new Map([['page/bare', { median: Number.NaN, ...quiet }]]), promised)).toHaveLength(1)
  })

  it('holds every budget of the two tables once', () => {
    expect(missedBudgets(new Map())).toHaveLength(budgets.length)
    expect(new Set(budgets.map(({ id }) => id)).size).toBe(budgets.length)
  })
})
