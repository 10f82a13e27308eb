// What the tools that try the reading page share: a page that is watched for faults and for requests to elsewhere.

import { withPage } from './browser.mjs'

/** Opens a page of the site at `url`, gives it to `use`, and adds to its report what went wrong meanwhile. */
export async function withReadingPage(url, options, use) {
  return withPage(options, async page => {
    const faults = []
    const { origin } = new URL(url)
    page.on('pageerror', error => faults.push(`error: ${error.message}`))
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`)
    })
    page.on('request', request => {
      if (origin !== 'null' && !request.url().startsWith(`${origin}/`)) faults.push(`request to ${request.url()}`)
    })
    page.on('response', response => {
      if (response.status() >= 400) faults.push(`${response.status()} for ${response.url()}`)
    })
    await page.goto(url)
    const report = await use(page)
    return { ...report, faults }
  })
}

/** The page's own sentences, the sound and the place of the highlight, as a person at the page could tell them. */
export const whereIsIt = page => page.evaluate(() => {
  const audio = document.querySelector('audio')
  return {
    time: audio.currentTime,
    playing: !audio.paused,
    rate: audio.playbackRate,
    spoken: document.querySelector('.spoken')?.id ?? null,
    focused: document.activeElement?.id || document.activeElement?.tagName.toLowerCase(),
  }
})

/** Waits until the sound plays and moves. */
export const isMoving = page => page.waitForFunction(() => {
  const audio = document.querySelector('audio')
  return !audio.paused && !audio.seeking && audio.readyState > 2
})
