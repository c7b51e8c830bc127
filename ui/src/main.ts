import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/guide.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { ownContextMenu } from '$lib/context-menu';
import { breakBetweenPhrases } from '$lib/phrases';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

// What is dropped on the page must not take its place; files are told of by the shell.
for (const kind of ['dragover', 'drop']) window.addEventListener(kind, (event) => event.preventDefault());

ownContextMenu();

// Newer web views break Japanese between phrases by themselves.
if (!CSS.supports('word-break', 'auto-phrase')) breakBetweenPhrases(document.body);

export default mount(App, { target });
