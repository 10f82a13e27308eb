// What is seen of the voice: the sentence that is spoken is marked, and the page scrolls along until its reader scrolls it.

'use strict'

{
  const { sentences, voice } = reading
  const back = document.getElementById('back-to-voice')
  const still = matchMedia('(prefers-reduced-motion: reduce)')

  // Parts of the window: a sentence above or below these is brought to the place where reading is easy.
  const HIGHEST = 0.12
  const LOWEST = 0.62
  const PLACE = 0.28

  let shown
  let isAway = false

  const isFollowing = () => reading.settings.follow && !isAway

  const bring = (element, smooth) => {
    const { top, bottom, height } = element.getBoundingClientRect()
    const window_ = innerHeight
    if (top >= window_ * HIGHEST && bottom <= window_ * LOWEST) return
    // A long sentence in large letters begins at the top, so that as much as can be is seen.
    const place = height > window_ * (LOWEST - PLACE) ? HIGHEST : PLACE
    scrollBy({ top: top - window_ * place, behavior: smooth && !still.matches ? 'smooth' : 'instant' })
  }

  const mark = index => {
    shown?.classList.remove('spoken')
    shown?.removeAttribute('aria-current')
    shown = sentences.elements[index]
    if (!shown) return
    shown.classList.add('spoken')
    shown.setAttribute('aria-current', 'true')
    if (voice.isPlaying && isFollowing()) bring(shown, true)
  }

  const goAway = () => {
    if (!voice.isPlaying || !reading.settings.follow || isAway) return
    isAway = true
    back.hidden = false
  }

  const comeBack = () => {
    isAway = false
    if (back) back.hidden = true
  }

  reading.view = {
    comeBack,
    /** Shows a sentence; `smooth` unless the page has just been opened. */
    show(index, smooth = true) {
      comeBack()
      const element = sentences.elements[index]
      if (element) bring(element, smooth)
    },
  }

  if (voice.audio) {
    voice.onSentence(mark)
    voice.onState(state => {
      if (state === 'playing' && isFollowing() && shown) bring(shown, true)
      if (state === 'paused') comeBack()
    })
    for (const name of ['wheel', 'touchmove']) {
      addEventListener(name, event => { if (!event.target.closest?.('dialog, .bar')) goAway() }, { passive: true })
    }
    const SCROLLING = ['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown']
    const scrolls = ({ key, target }) => (
      key === ' ' ? !reading.settings.single_keys && !target.closest('button, summary') : SCROLLING.includes(key)
    )
    addEventListener('keydown', event => {
      if (scrolls(event) && !event.defaultPrevented && !event.target.closest('dialog, input, select')) goAway()
    })
    // Who goes from sentence to sentence or follows a link to a note is not to be pulled away from it.
    document.getElementById('text').addEventListener('focusin', ({ target }) => { if (target !== shown) goAway() })
    addEventListener('hashchange', goAway)
    // The scroll bar lies beside the root element.
    addEventListener('pointerdown', event => { if (event.target === document.documentElement) goAway() })
    back.addEventListener('click', () => {
      reading.view.show(voice.current)
      document.getElementById('play').focus({ preventScroll: true })
    })
  }

  // What is wider than the page scrolls in itself, and then must be reached by the keyboard.
  const watch = new ResizeObserver(entries => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0
      else target.removeAttribute('tabindex')
    }
  })
  for (const element of document.querySelectorAll('.wide, .text math')) watch.observe(element)
}
