// Keys: from sentence to sentence with the arrows once the focus is in the text, and single letters for those who want them.
// The text is one stop of the tab key, however long it is.

'use strict'

{
  const { voice, sentences } = reading
  const text = document.getElementById('text')
  const isRightToLeft = document.documentElement.dir === 'rtl'
  let stop = -1

  const setStop = index => {
    const element = sentences.elements[index]
    if (!element) return
    if (stop !== index) sentences.elements[stop]?.removeAttribute('tabindex')
    stop = index
    element.tabIndex = 0
  }

  reading.roving = {
    /** Makes a sentence the one that the tab key leads to. */
    setStop,
    focus(index) {
      setStop(index)
      sentences.elements[index].focus({ preventScroll: true })
      sentences.elements[index].scrollIntoView({ block: 'nearest' })
    },
  }

  const hear = index => {
    reading.view.comeBack()
    if (index === voice.current && voice.isPlaying) {
      voice.pause()
      return
    }
    voice.go(index)
    voice.play()
  }

  const LETTERS = {
    ' ': () => voice.toggle(),
    k: () => voice.toggle(),
    j: () => reading.step(-1, 'sentence'),
    l: () => reading.step(1, 'sentence'),
    u: () => reading.step(-1, 'block'),
    o: () => reading.step(1, 'block'),
    h: () => reading.step(1, 'heading'),
    H: () => reading.step(-1, 'heading'),
    '-': () => reading.changeSpeed(-1),
    '+': () => reading.changeSpeed(1),
    '=': () => reading.changeSpeed(1),
    f: () => {
      reading.set('follow', !reading.settings.follow)
      reading.view.comeBack()
      reading.say(reading.settings.follow ? reading.words.follow_on : reading.words.follow_off)
    },
    t: () => reading.openDialog('contents'),
    s: () => reading.openDialog('settings'),
    '?': () => reading.openDialog('keys'),
  }

  const byLetter = event => {
    if (!reading.settings.single_keys || event.ctrlKey || event.altKey || event.metaKey) return
    if (document.querySelector('dialog[open]')) return
    if (event.target.closest('input, select, textarea, [contenteditable]')) return
    if (event.key === ' ' && event.target.closest('button, a, summary, audio')) return
    const act = LETTERS[event.key] ?? (event.shiftKey ? undefined : LETTERS[event.key.toLowerCase()])
    if (!act) return
    event.preventDefault()
    act()
  }

  const byArrow = event => {
    const index = sentences.indexOf(event.target)
    if (index === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
    const forward = isRightToLeft ? 'ArrowLeft' : 'ArrowRight'
    const backward = isRightToLeft ? 'ArrowRight' : 'ArrowLeft'
    const goal = {
      [forward]: () => sentences.neighbour(index, 1, 'sentence'),
      [backward]: () => sentences.neighbour(index, -1, 'sentence'),
      ArrowDown: () => sentences.neighbour(index, 1, 'block'),
      ArrowUp: () => sentences.neighbour(index, -1, 'block'),
      Home: () => 0,
      End: () => sentences.last,
    }[event.key]
    if (goal) {
      event.preventDefault()
      reading.roving.focus(goal())
    } else if (event.key === 'Enter') {
      event.preventDefault()
      hear(index)
    }
  }

  if (voice.audio) {
    text.addEventListener('keydown', byArrow)
    addEventListener('keydown', event => { if (!event.defaultPrevented) byLetter(event) })
    text.addEventListener('click', event => {
      const index = sentences.around(event.target)
      // A link is a link, and who marks words with the mouse wants to copy them.
      if (index === undefined || event.target.closest('a[href]') || !getSelection().isCollapsed) return
      setStop(index)
      reading.view.comeBack()
      voice.go(index)
      voice.play()
    })
    // The stop follows the voice, but is not taken away from under who stands on it.
    voice.onSentence(index => { if (sentences.indexOf(document.activeElement) === undefined) setStop(index) })
    setStop(0)
  }
}
