import { describe, expect, it } from 'vitest'
import { pickerUrl, transferClient, type Task } from '../../src/globus.ts'
import { otherUuid, refusal, session, startService, swiftClock, uuid, type Handler } from './service.ts'

const submission = {
  source_endpoint: uuid,
  destination_endpoint: otherUuid,
  DATA: [{ DATA_TYPE: 'transfer_item' as const, source_path: '/a', destination_path: '/b' }],
}

/** Transfer, as far as submissions go: one task for each submission id, however often it is posted. */
function startTransfer() {
  const tasks = new Map<string, unknown>()
  let ids = 0
  let failures = 0
  const handler: Handler = ({ path, body }, response) => {
    if (path.endsWith('/submission_id')) {
      ids += 1
      return { body: { DATA_TYPE: 'submission_id', value: `00000000-0000-0000-0000-${String(ids).padStart(12, '0')}` } }
    }
    const { submission_id: id } = JSON.parse(body) as { submission_id: string } // what the kit sends
    const code = tasks.has(id) ? 'Duplicate' : 'Accepted'
    tasks.set(id, JSON.parse(body))
    if (failures > 0) {
      failures -= 1
      response.destroy()
      return undefined
    }
    return { body: { DATA_TYPE: 'transfer_result', code, submission_id: id, task_id: uuid } }
  }
  return { tasks, handler, fail: (count: number) => void (failures = count), fetched: () => ids }
}

describe('submitting', () => {
  it('fetches a submission id and posts once', async () => {
    const world = startTransfer()
    await startService(world.handler)
    const answer = await transferClient(session).taskSubmission.submitTransfer(submission)
    expect(answer).toMatchObject({ code: 'Accepted', task_id: uuid })
    expect([...world.tasks.values()]).toMatchObject([
      { DATA_TYPE: 'transfer', source_endpoint: uuid, DATA: submission.DATA },
    ])
  })

  it('REL-16 makes one task although answers are lost', async () => {
    const world = startTransfer()
    const service = await startService(world.handler)
    world.fail(3)
    const answer = await transferClient(session, { clock: swiftClock() }).taskSubmission.submitTransfer(submission)
    expect(answer).toMatchObject({ code: 'Duplicate', task_id: uuid })
    expect(world.tasks.size).toBe(1)
    expect(service.received).toHaveLength(5)
  })

  it('makes one task although the caller tries the same object again after an error, and a second one after success', async () => {
    const world = startTransfer()
    await startService(world.handler)
    const { taskSubmission } = transferClient(session, { clock: swiftClock() })
    world.fail(6)
    await refusal(taskSubmission.submitTransfer(submission))
    await taskSubmission.submitTransfer(submission)
    expect(world.tasks.size).toBe(1)
    await taskSubmission.submitTransfer(submission)
    expect(world.tasks.size).toBe(2)
    expect(submission).not.toHaveProperty('submission_id')
  })

  it('keeps the submission id of the caller', async () => {
    const world = startTransfer()
    await startService(world.handler)
    const { taskSubmission } = transferClient(session)
    const { value } = await taskSubmission.submissionId()
    await taskSubmission.submitTransfer({ ...submission, submission_id: value })
    await taskSubmission.submitDelete({
      endpoint: uuid,
      DATA: [{ DATA_TYPE: 'delete_item', path: '/a' }],
      submission_id: value,
    })
    expect([...world.tasks.keys()]).toEqual([value])
    expect(world.fetched()).toBe(1)
  })

  it('asks for another id when fetching one failed', async () => {
    const world = startTransfer()
    const service = await startService(() => ({ status: 500 }))
    const { taskSubmission } = transferClient(session)
    await refusal(taskSubmission.submitTransfer(submission))
    service.answer(world.handler)
    await expect(taskSubmission.submitTransfer(submission)).resolves.toMatchObject({ code: 'Accepted' })
  })

  it('refuses ids that are none, its own and those of a service', async () => {
    const service = await startService(() => ({ body: { value: '../x' } }))
    const { taskSubmission } = transferClient(session)
    await expect(taskSubmission.submitTransfer({ ...submission, source_endpoint: 'x' })).rejects.toThrow(
      'source_endpoint',
    )
    await expect(taskSubmission.submitTransfer({ ...submission, submission_id: 'x' })).rejects.toThrow('submission_id')
    expect(service.received).toEqual([])
    await expect(taskSubmission.submitTransfer(submission)).rejects.toThrow('submission id of the service')
  })
})

describe('waiting for a task', () => {
  const states = (...list: readonly string[]) => {
    let at = 0
    return () => ({ body: { task_id: uuid, status: list[Math.min(at++, list.length - 1)], files_transferred: at } })
  }

  it.each(['SUCCEEDED', 'FAILED', 'INACTIVE'])('ends with %s and tells every state on the way', async (end) => {
    const clock = swiftClock()
    await startService(states('ACTIVE', 'ACTIVE', 'ACTIVE', end))
    const seen: Task[] = []
    const task = await transferClient(session, { clock }).waitForTask(uuid, {
      onProgress: (state) => void seen.push(state),
    })
    expect(task.status).toBe(end)
    expect(seen.map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', end])
    expect(clock.waits).toEqual([1000, 1500, 2250])
  })

  it('asks at most every ten seconds in the long run', async () => {
    const clock = swiftClock()
    await startService(states(...Array.from({ length: 20 }, () => 'ACTIVE'), 'SUCCEEDED'))
    await transferClient(session, { clock }).waitForTask(uuid)
    expect(clock.waits.at(-1)).toBe(10_000)
  })

  it('ends when the caller wants it or onProgress throws', async () => {
    const service = await startService(states('ACTIVE'))
    const controller = new AbortController()
    const clock = {
      ...swiftClock(),
      wait: async (_: number, signal?: AbortSignal) => (controller.abort(new Error('gone')), signal?.throwIfAborted()),
    }
    const transfer = transferClient(session, { clock })
    await expect(transfer.waitForTask(uuid, { signal: controller.signal })).rejects.toThrow('gone')
    const onProgress = () => {
      throw new Error('own')
    }
    await expect(transfer.waitForTask(uuid, { onProgress })).rejects.toThrow('own')
    expect(service.received).toHaveLength(2)
  })
})

describe('pickerUrl', () => {
  it('leads to the page of the web app, with every parameter encoded', () => {
    const url = new URL(
      pickerUrl({
        action: 'https://portal.example.org/picked?a=b&c',
        method: 'GET',
        cancelUrl: 'https://portal.example.org/',
        folderLimit: 1,
        fileLimit: 0,
        label: 'Tide & time',
      }),
    )
    expect(url.origin + url.pathname).toBe('https://app.globus.org/helpers/browse-collections')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      action: 'https://portal.example.org/picked?a=b&c',
      cancelurl: 'https://portal.example.org/',
      folderlimit: '1',
      filelimit: '0',
      method: 'GET',
      label: 'Tide & time',
    })
  })

  it.each([{ action: '/picked' }, { action: 'javascript:alert(1)' }, { action: 'https://a.example', fileLimit: -1 }])(
    'refuses %j',
    (options) => {
      expect(() => pickerUrl(options)).toThrow(TypeError)
    },
  )
})
