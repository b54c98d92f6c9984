const hidden = `
    <input type="hidden" name="csrf" value="{{ csrf }}">
    <input type="hidden" name="account" value="{{ account.sessionId }}">`;

const permissions = `
    {% for detail in consent.details %}
    <p>{{ detail.displayName | default: detail.type }}{% for member in detail.members %}, {{ member.name }}: {{ member.value }}{% endfor %}</p>
    {% endfor %}
    {% for scope in consent.identity %}{% include 'scope' %}{% endfor %}
    {% for scope in consent.api %}{% include 'scope' %}{% endfor %}
    {% if consent.offlineAccess %}{% assign scope = consent.offlineAccess %}{% include 'scope' %}{% endif %}
    {% if consent.claims.size > 0 %}<p>About you: {{ consent.claims | join: ', ' }}</p>{% endif %}`;

/** Forms have no `action`: they are sent to the address that they came from, in which the interaction is named. */
export const templates = {
  layout: `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>{{ title }}</title>
    {% block head %}{% endblock %}
  </head>
  <body>
    <h1>{{ title }}</h1>
    {% if notice %}<p role="alert">{{ notice }}</p>{% endif %}
    {% block content %}{% endblock %}
  </body>
</html>`,

  signIn: `{% layout 'layout' %}{% block content %}
  {% if client %}<p>To go on to {{ client.name }}</p>{% endif %}
  <form method="post">${hidden}
    {% if localLogin %}
    <label>User name <input name="username" autocomplete="username" value="{{ username }}"></label>
    <label>Password <input name="password" type="password" autocomplete="current-password"></label>
    <label><input name="rememberMe" type="checkbox" value="yes"> Keep me signed in</label>
    <button>Sign in</button>
    {% endif %}
    {% if client %}<button name="action" value="cancel" formnovalidate>Cancel</button>{% endif %}
  </form>
  {% for provider in providers %}<p><a href="{{ provider.url }}">Sign in with {{ provider.displayName }}</a></p>{% endfor %}
{% endblock %}`,

  account: `{% layout 'layout' %}{% block content %}
  <form method="post">${hidden}
    <button name="action" value="continue">Go on as {{ account.name }}</button>
    <button name="action" value="cancel">Cancel</button>
  </form>
  <p><a href="{{ otherAccountUrl }}">Somebody else</a></p>
{% endblock %}`,

  consent: `{% layout 'layout' %}{% block content %}
  <p>You are signed in as {{ account.name }}.</p>
  <form method="post">${hidden}${permissions}
    {% if consent.canBeRemembered %}<label><input name="remember" type="checkbox" value="yes"> Do not ask again</label>{% endif %}
    <button name="decision" value="allow">Allow</button>
    <button name="decision" value="deny">Do not allow</button>
  </form>
{% endblock %}`,

  scope: `<label>
      <input name="scope" type="checkbox" value="{{ scope.name }}" checked{% if scope.required %} disabled{% endif %}>
      {{ scope.displayName | default: scope.name }}
    </label>`,

  device: `{% layout 'layout' %}{% block content %}
  <form method="post">${hidden}
    <label>The code that the device shows <input name="user_code" autocomplete="off" value="{{ userCode }}"></label>
    <button>Go on</button>
  </form>
{% endblock %}`,

  deviceConfirm: `{% layout 'layout' %}{% block content %}
  <p>Only go on if you are holding the device yourself, and it shows <strong>{{ userCode }}</strong>.</p>
  <form method="post">${hidden}${permissions}
    <input type="hidden" name="user_code" value="{{ userCode }}">
    <button name="decision" value="allow">Let it in</button>
    <button name="decision" value="deny">Turn it away</button>
  </form>
{% endblock %}`,

  question: `{% layout 'layout' %}{% block content %}
  <p>You are signed in as {{ account.name }}.</p>
  {% if question.bindingMessage %}<p>It says <strong>{{ question.bindingMessage }}</strong>, there as here.</p>{% endif %}
  <p>Only agree if you have begun this yourself.</p>
  {% if question.signInFault %}<p>You have to sign in again before you can agree.</p>{% endif %}
  <form method="post">${hidden}${permissions}
    <button name="decision" value="deny">I do not agree</button>
    <button name="decision" value="allow">I agree</button>
  </form>
{% endblock %}`,

  questions: `{% layout 'layout' %}{% block content %}
  <p>You are signed in as {{ account.name }}.</p>
  {% for question in questions %}
  <p><a href="?request={{ question.id }}">{{ question.client.name }}: {{ question.bindingMessage }}</a></p>
  {% endfor %}
{% endblock %}`,

  done: `{% layout 'layout' %}{% block content %}<p>You can close this page.</p>{% endblock %}`,

  signOut: `{% layout 'layout' %}{% block content %}
  <form method="post">${hidden}<button>Sign out {{ account.name }}</button></form>
{% endblock %}`,

  signedOut: `{% layout 'layout' %}
{% block head %}{% if returnUrl %}<meta http-equiv="refresh" content="3;url={{ returnUrl }}">{% endif %}{% endblock %}
{% block content %}
  {% if returnUrl %}<p><a href="{{ returnUrl }}">Back to {{ client.name | default: 'the application' }}</a></p>{% endif %}
  {% for frame in frames %}<iframe src="{{ frame }}" sandbox="allow-same-origin allow-scripts" title="" hidden></iframe>{% endfor %}
{% endblock %}`,

  problem: `{% layout 'layout' %}{% block content %}
  <p>{{ problem.description }}</p>
  <p>{{ problem.code }} {{ problem.correlationId }}</p>
  {% if problem.client.homeUrl %}<p><a href="{{ problem.client.homeUrl }}">Back to {{ problem.client.name }}</a></p>{% endif %}
{% endblock %}`,

  lost: `{% layout 'layout' %}{% block content %}<p>Please go back to the application and begin again.</p>{% endblock %}`,
};
