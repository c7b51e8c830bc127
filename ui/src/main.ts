import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/guide.css';
import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

// What is dropped on the page must not take its place; files are told of by the shell.
for (const kind of ['dragover', 'drop']) window.addEventListener(kind, (event) => event.preventDefault());

export default mount(App, { target });
