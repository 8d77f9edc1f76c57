"""The Flask extensions, made once and bound to an app by `alumni.app`."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate

babel = Babel()
login_manager = LoginManager()
migrate = Migrate(directory="migrations", render_as_batch=True, compare_type=True)
