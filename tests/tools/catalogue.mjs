// Opens a catalogue with readers that are not ours and reports, as JSON, what each of them found.
// opds-feed-parser (NYPL) and r2-opds-js (Thorium) run here; foliate-js (Foliate, Readest) runs in Chromium.

import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { limitTime, runTool, serveFolders, withPage } from './browser.mjs'

const USAGE = 'Usage: node catalogue.mjs http://HOST:PORT/ [--chromium PATH]'
const SECONDS = 90
const ATOM = 'application/atom+xml'
const JSON_FEED = 'application/opds+json'
const require = createRequire(import.meta.url)

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { chromium: { type: 'string' } } })
  if (positionals.length !== 1) throw new Error(USAGE)
  limitTime(SECONDS)
  const root = new URL('opds', positionals[0]).href
  const report = {
    nypl: await openWithNypl(root),
    thorium: await openWithThorium(root),
    foliate: await openWithFoliate(root, values.chromium),
  }
  console.log(JSON.stringify(report))
}

async function get(url, accept) {
  const answer = await fetch(url, { headers: { Accept: accept } })
  if (!answer.ok) throw new Error(`${url} was answered with ${answer.status}.`)
  return answer
}

const text = async (url, accept) => (await get(url, accept)).text()

/** From the root over its first entry to the books. */
async function openWithNypl(root) {
  const { default: Parser } = require('opds-feed-parser')
  const parser = new Parser()
  const start = await parser.parse(await text(root, ATOM))
  const books = await parser.parse(await text(start.entries[0].links[0].href, ATOM))
  const search = start.links.find(link => link.rel === 'search')
  return {
    title: start.title,
    search: search?.href,
    books: books.entries.map(entry => ({
      id: entry.id,
      title: entry.title,
      authors: entry.authors.map(author => author.name),
      links: entry.links.map(link => [link.rel, link.type]),
    })),
    facets: books.links.filter(link => link.facetGroup).map(link => [link.facetGroup, link.title]),
  }
}

async function openWithThorium(root) {
  const { initGlobalConverters_OPDS } = require('r2-opds-js/dist/es8-es2017/src/opds/init-globals.js')
  const { initGlobalConverters_GENERIC } = require('r2-shared-js/dist/es8-es2017/src/init-globals.js')
  const { convertOpds1ToOpds2 } = require('r2-opds-js/dist/es8-es2017/src/opds/converter.js')
  const { OPDS } = require('r2-opds-js/dist/es8-es2017/src/opds/opds1/opds.js')
  const { OPDSFeed } = require('r2-opds-js/dist/es8-es2017/src/opds/opds2/opds2.js')
  const { XML } = require('r2-utils-js/dist/es8-es2017/src/_utils/xml-js-mapper')
  const { TaJsonDeserialize } = require('r2-lcp-js/dist/es8-es2017/src/serializable.js')
  const { DOMParser } = require('@xmldom/xmldom')
  initGlobalConverters_OPDS()
  initGlobalConverters_GENERIC()

  const asFeed = xml => convertOpds1ToOpds2(XML.deserialize(new DOMParser().parseFromString(xml, 'text/xml'), OPDS))
  const told = feed => feed.Publications.map(publication => ({
    id: publication.Metadata.Identifier,
    title: publication.Metadata.Title,
    authors: publication.Metadata.Author?.map(author => author.Name),
    links: publication.Links.map(link => [link.Rel?.[0], link.TypeLink]),
    accessibility: publication.Metadata.Accessibility ?? null,
  }))
  const first = asFeed(await text(root, ATOM))
  const old = asFeed(await text(first.Navigation[0].Href, ATOM))
  const living = TaJsonDeserialize(JSON.parse(await text(root, JSON_FEED)), OPDSFeed)
  const books = TaJsonDeserialize(JSON.parse(await text(living.Navigation[0].Href, JSON_FEED)), OPDSFeed)
  return { old: told(old), living: told(books), groups: living.Groups.map(group => group.Metadata.Title) }
}

async function openWithFoliate(root, chromium) {
  const server = await serveFolders({
    'foliate-js': dirname(fileURLToPath(import.meta.resolve('foliate-js/opds.js'))),
    tools: import.meta.dirname,
  })
  try {
    return await withPage({ chromium }, async page => {
      await page.goto(`${server.origin}/tools/overlay_page.html`)
      const parse = xml => page.evaluate(parseInPage, xml)
      const start = await parse(await text(root, ATOM))
      const books = await parse(await text(start.navigation[0].href, ATOM))
      const description = start.links.find(link => link.rel?.includes('search')).href
      const address = await page.evaluate(searchInPage, [await text(description, '*/*'), 'afghan'])
      const found = await parse(await text(address, ATOM))
      const [first] = books.publications
      const acquire = first.links.find(link => link.rel?.some(rel => rel.includes('acquisition')))
      const epub = Buffer.from(await (await get(acquire.href, '*/*')).arrayBuffer())
      const opened = await page.evaluate(openInPage, epub.toString('base64'))
      return { books: books.publications, found: found.publications?.map(book => book.metadata.title) ?? [], opened }
    })
  } finally {
    server.close()
  }
}

async function parseInPage(xml) {
  const { getFeed } = await import('/foliate-js/opds.js')
  return JSON.parse(JSON.stringify(getFeed(new DOMParser().parseFromString(xml, 'text/xml'))))
}

async function searchInPage([xml, words]) {
  const { getOpenSearch } = await import('/foliate-js/opds.js')
  const { search } = getOpenSearch(new DOMParser().parseFromString(xml, 'text/xml'))
  return search(new Map([[null, new Map([['searchTerms', words]])]]))
}

async function openInPage(base64) {
  const { makeBook } = await import('/foliate-js/view.js')
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
  const book = await makeBook(new File([bytes], 'book.epub', { type: 'application/epub+zip' }))
  return { title: book.metadata.title, sections: book.sections.length }
}

await runTool(main)
