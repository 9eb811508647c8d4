import { deployments, describeDeployment } from '../contract/deployment.ts'
import { adapters, injected } from '../support/adapters.ts'

for (const [name, mount] of Object.entries({ ...adapters, ...injected }))
  for (const deployment of deployments) describeDeployment(name, mount, deployment)
