// The dialog of the settings, the timer that stops the voice, and what the device shows on its lock screen.

'use strict'

{
  const { voice, sentences, settings } = reading
  const form = document.getElementById('settings-form')
  const percent = new Intl.NumberFormat(document.documentElement.lang || 'en', { style: 'percent' })

  const shownValue = (name, value) => (
    name === 'line' ? value.toFixed(1) : name === 'measure' ? String(value) : percent.format(name === 'size' ? value / 100 : value)
  )

  const showRange = field => {
    const text = shownValue(field.name, Number(field.value))
    field.setAttribute('aria-valuetext', text)
    field.nextElementSibling.textContent = text
  }

  const fill = () => {
    for (const field of form.elements) {
      if (!(field.name in settings)) continue
      if (field.type === 'radio') field.checked = field.value === settings[field.name]
      else if (field.type === 'checkbox') field.checked = settings[field.name]
      else field.value = settings[field.name]
      if (field.type === 'range') showRange(field)
    }
  }

  form.addEventListener('input', ({ target: field }) => {
    if (!(field.name in settings)) return
    if (field.type === 'checkbox') reading.set(field.name, field.checked)
    else if (field.type === 'range') reading.set(field.name, Number(field.value))
    else reading.set(field.name, field.value)
    if (field.type === 'range') showRange(field)
  })
  form.addEventListener('submit', event => event.preventDefault())
  document.getElementById('reset').addEventListener('click', () => {
    for (const [name, value] of Object.entries(reading.first)) reading.set(name, value)
    fill()
  })
  reading.onSetting(name => { if (name === 'follow') fill() })
  fill()

  if (voice.audio) {
    keepSleep(form.elements.sleep)
    tellDevice()
  }

  function keepSleep(field) {
    let timer
    let chapter
    const stop = () => {
      voice.pause()
      field.value = 'off'
      chapter = undefined
      reading.say(reading.words.slept)
    }
    field.addEventListener('change', () => {
      clearTimeout(timer)
      chapter = field.value === 'chapter' ? sentences.chapterOf(Math.max(0, voice.current)) : undefined
      if (Number(field.value)) timer = setTimeout(stop, Number(field.value) * 60_000)
    })
    voice.onSentence(index => {
      if (chapter && voice.isPlaying && sentences.chapterOf(index) !== chapter) stop()
    })
  }

  function tellDevice() {
    const session = navigator.mediaSession
    if (!session) return
    const { title, authors } = document.body.dataset
    const cover = { src: new URL('cover.jpg', location.href).href, type: 'image/jpeg' }
    // From a file no picture is taken for it.
    const artwork = location.protocol === 'file:' ? [] : [cover]
    session.metadata = new MediaMetadata({ title, artist: authors, artwork })
    const actions = {
      play: voice.play,
      pause: voice.pause,
      previoustrack: () => reading.step(-1, 'block'),
      nexttrack: () => reading.step(1, 'block'),
      seekbackward: () => reading.step(-1, 'sentence'),
      seekforward: () => reading.step(1, 'sentence'),
      seekto: ({ seekTime }) => voice.goTo(seekTime),
    }
    for (const [name, action] of Object.entries(actions)) {
      try {
        session.setActionHandler(name, action)
      } catch {
        // Not every browser knows every action.
      }
    }
    const showPosition = () => {
      const { duration, currentTime, playbackRate } = voice.audio
      if (duration > 0 && duration < Infinity) {
        session.setPositionState({ duration, playbackRate, position: Math.min(currentTime, duration) })
      }
    }
    for (const name of ['durationchange', 'seeked', 'ratechange', 'play', 'pause']) {
      voice.audio.addEventListener(name, showPosition)
    }
  }
}
