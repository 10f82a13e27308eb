// Follows every link of a catalogue in OPDS 2.0 and reports, as JSON, where a feed breaks the schema.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { limitTime, runTool } from './browser.mjs'

const USAGE = 'Usage: node catalogue_schema.mjs http://HOST:PORT/'
const SECONDS = 90
const JSON_FEED = 'application/opds+json'
const require = createRequire(import.meta.url)

async function main() {
  if (process.argv.length !== 3) throw new Error(USAGE)
  limitTime(SECONDS)
  console.log(JSON.stringify(await validate(new URL('opds', process.argv[2]).href)))
}

async function text(url) {
  const answer = await fetch(url, { headers: { Accept: JSON_FEED } })
  if (!answer.ok) throw new Error(`${url} was answered with ${answer.status}.`)
  return answer.text()
}

async function validate(root) {
  const { default: Ajv } = require('ajv')
  const { default: addFormats } = require('ajv-formats')
  const ajv = new Ajv({ allErrors: true, strict: false })
  addFormats(ajv)
  const check = ajv.compile(JSON.parse(await readFile(join(import.meta.dirname, 'opds2.schema.json'), 'utf-8')))
  const seen = new Map()
  const waiting = [root]
  while (waiting.length) {
    const url = waiting.pop()
    if (seen.has(url)) continue
    const feed = JSON.parse(await text(url))
    seen.set(url, check(feed) ? [] : check.errors.map(error => `${error.instancePath} ${error.message}`))
    const links = [...feed.links, ...feed.navigation ?? [], ...(feed.facets ?? []).flatMap(facet => facet.links)]
    const found = links.map(link => link.href.replace(/\{\?query\}/, '?query=nothing+has+these+words'))
    waiting.push(...found.filter((_, index) => links[index].type === JSON_FEED))
  }
  return Object.fromEntries(seen)
}

await runTool(main)
