// Looks at pages of the site in every theme and size: axe, the width at 400 %, the size of targets, what a screen reader gets.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { limitTime, runTool } from './browser.mjs'
import { withReadingPage } from './reading_page.mjs'

const USAGE = 'Usage: node reading_page_looks.mjs URL... [--chromium PATH]'
const SECONDS_ALLOWED = 280
const THEMES = ['light', 'sepia', 'dark', 'contrast']
const SMALLEST_TARGET = 24
// A page at 400 % in a window of 1280 by 1024.
const ENLARGED = { width: 320, height: 256 }
const USUAL = { width: 1280, height: 800 }

const AXE = createRequire(import.meta.url).resolve('@daisy/axe-core-for-ace/axe.min.js')

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { chromium: { type: 'string' } } })
  if (positionals.length === 0) throw new Error(USAGE)
  limitTime(SECONDS_ALLOWED)
  const axe = await readFile(AXE, 'utf-8')
  const reports = {}
  for (const url of positionals) {
    reports[url] = await withReadingPage(url, { chromium: values.chromium }, page => look(page, axe))
  }
  console.log(JSON.stringify(reports))
}

async function look(page, axe) {
  const isReader = await page.locator('body.reader').count() > 0
  const violations = []
  await page.setViewportSize(USUAL)
  for (const theme of THEMES) {
    await page.evaluate(theme => {
      reading.set('theme', theme)
      // What is out of sight is looked at too.
      for (const element of document.querySelectorAll('.part, #shelf > li')) element.style.contentVisibility = 'visible'
    }, theme)
    if (isReader) await page.evaluate(() => reading.voice.go(12))
    const check = async state => violations.push(...await runAxe(page, axe, `${theme}, ${state}`))
    await check('page')
    for (const dialog of isReader ? ['contents', 'settings', 'keys'] : []) {
      await page.evaluate(id => reading.openDialog(id), dialog)
      // The sheet appears within an instant, and its colours are those of the end.
      await page.waitForTimeout(250)
      await check(dialog)
      await page.keyboard.press('Escape')
    }
  }
  const tree = await page.locator('body').ariaSnapshot()
  const smallTargets = await page.evaluate(findSmallTargets, SMALLEST_TARGET)

  await page.setViewportSize(ENLARGED)
  const widths = {}
  for (const size of isReader ? [100, 200] : [100]) {
    await page.evaluate(size => reading.set('size', size), size)
    widths[size] = await page.evaluate(() => document.scrollingElement.scrollWidth)
  }
  const hidden = await page.evaluate(findLostControls)
  return { violations, tree, smallTargets, widths, hidden }
}

async function runAxe(page, axe, state) {
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] })
    return violations.map(({ id, nodes }) => ({ id, node: nodes[0].html.slice(0, 200), count: nodes.length }))
  })
  return found.map(one => ({ state, ...one }))
}

// Runs in the page. Links in a line of text are excepted (WCAG 2.2, 2.5.8).
function findSmallTargets(smallest) {
  return [...document.querySelectorAll('button, select, input, summary, a[href]')]
    .filter(element => element.checkVisibility() && !element.closest('main.text, .skip, label'))
    .filter(element => {
      const { width, height } = element.getBoundingClientRect()
      return width < smallest || height < smallest
    })
    .map(element => element.outerHTML.slice(0, 120))
}

// Runs in the page: controls that cannot be seen where it is small.
function findLostControls() {
  return [...document.querySelectorAll('.buttons button, .progress select, .progress input')]
    .filter(element => {
      const { left, right, width } = element.getBoundingClientRect()
      return width === 0 || left < 0 || right > innerWidth
    })
    .map(element => element.id)
}

await runTool(main)
