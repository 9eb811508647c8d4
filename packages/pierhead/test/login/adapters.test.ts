import { describeAdapter } from '../contract/adapter.ts'
import { adapters } from '../support/adapters.ts'

for (const [name, mount] of Object.entries(adapters)) describeAdapter(name, mount)
