// Plays the reading page, goes here and there in it, and reports as JSON what was highlighted at which time of the sound.

import { parseArgs } from 'node:util'
import { limitTime, positiveNumber, runTool } from './browser.mjs'
import { isMoving, withReadingPage } from './reading_page.mjs'

const USAGE = 'Usage: node reading_page_follow.mjs URL [--seconds 40] [--chromium PATH]'
const SAMPLE_INTERVAL = 100
const SECONDS_FOR_THE_REST = 60

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string', default: '40' }, chromium: { type: 'string' } },
  })
  if (positionals.length !== 1) throw new Error(USAGE)
  const seconds = positiveNumber(values, 'seconds')
  limitTime(seconds + SECONDS_FOR_THE_REST)
  const report = await withReadingPage(positionals[0], { chromium: values.chromium }, page => follow(page, seconds))
  console.log(JSON.stringify(report))
}

async function follow(page, seconds) {
  await page.evaluate(sampleInPage, SAMPLE_INTERVAL)
  const part = () => page.waitForTimeout(seconds * 1000 / 5)
  await page.click('#play')
  await isMoving(page)
  await part()

  const sentence = page.locator('[data-begin]').nth(20)
  await sentence.click()
  const clicked = await sentence.getAttribute('id')
  await isMoving(page)
  const heard = await page.evaluate(() => document.querySelector('.spoken').id)
  await part()

  await page.selectOption('#speed', '1.5')
  await part()

  await page.focus('#position')
  await page.keyboard.press('PageUp')
  await part()

  await page.keyboard.press('Escape')
  await page.locator('#play').focus()
  await page.keyboard.press('h')
  await part()
  const inView = await page.evaluate(() => {
    const { top, bottom } = document.querySelector('.spoken').getBoundingClientRect()
    return top >= 0 && bottom <= document.querySelector('.bar').getBoundingClientRect().top
  })
  return { clicked, heard, inView, samples: await page.evaluate(() => globalThis.samples) }
}

// Runs in the page.
function sampleInPage(interval) {
  const audio = document.querySelector('audio')
  globalThis.samples = []
  setInterval(() => {
    if (audio.paused || audio.seeking || audio.readyState < 3) return
    const spoken = [...document.querySelectorAll('.spoken')].map(element => element.id)
    globalThis.samples.push({ time: audio.currentTime, rate: audio.playbackRate, seen: spoken.join(' ') })
  }, interval)
}

await runTool(main)
