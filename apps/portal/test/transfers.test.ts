import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

describe('transfers', () => {
  let setting: Setting
  let maya: Visitor

  beforeAll(async () => {
    setting = await startSetting()
    maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('are listed with their state, the newest first', async () => {
    await maya.open('/transfers')
    console.log(maya.page.status, maya.page.text)
    const id = /\/transfers\/([0-9a-f-]{36})/.exec(maya.page.body)?.[1]
    await maya.open(`/transfers/${id}`)
    console.log(maya.page.text)
  })
})
