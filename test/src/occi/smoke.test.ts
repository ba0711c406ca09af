import { created, occiApp } from '../../support/occi-app'
test('smoke', async () => {
  const app = occiApp()
  const path = await created(app, 'X-OCCI-Attribute: occi.core.title="web one"')
  for (const [m, p, a] of [['get','/-/','text/plain'],['get','/-/','text/occi'],['get',path,'text/plain'],['get',path,'text/occi'],['get',path,'application/occi+json'],['get','/','text/plain'],['get','/','application/json'],['get','/compute/','text/uri-list'],['get','/nope','text/plain'],['get','/mixin/os_tpl/','text/plain'],['options','/compute/',''],['patch','/compute/',''],['post',path+'?action=stop',''],['post',path+'?action=stop',''],['delete',path,''],['get',path,'']] as const) {
    const r = await app.ask(m, p).set('Accept', a)
    console.log(m, p, a, r.status, JSON.stringify(r.headers), '\n' + r.body)
  }
})
