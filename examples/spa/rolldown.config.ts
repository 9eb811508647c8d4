import { defineConfig } from 'rolldown'

export default defineConfig({
  input: 'page.ts',
  output: { file: 'dist/page.js', minify: true },
  resolve: {
    // Inside its repository Pierhead runs from its sources; an app of your own needs no line for this.
    conditionNames: ['pierhead-source', 'browser', 'import', 'default'],
  },
})
