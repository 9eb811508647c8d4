import Link from 'next/link'
import { transferClient } from 'pierhead/globus'
import { guarded, requireSession } from 'pierhead/next'
import { login } from '../../lib/login'

export default guarded(login, async function Endpoints() {
  const transfer = transferClient(await requireSession(login))
  const lines: string[] = []
  for await (const { id, display_name: name } of transfer.endpointSearch({ filter_scope: 'my-endpoints' }))
    lines.push(`[${id}] ${name}`)
  return (
    <>
      <h1>Your endpoints</h1>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        <Link href="/">Back</Link>
      </p>
    </>
  )
})
