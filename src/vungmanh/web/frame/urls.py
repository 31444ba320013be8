"""Addresses of the frame: `path("", include("vungmanh.web.frame.urls"))`."""

from django.urls import path
from django.views.i18n import set_language

from vungmanh.web.frame import views

urlpatterns = [
    path("khung/vai-tro/", views.act_as, name="act_as"),
    path("khung/ngon-ngu/", set_language, name="set_language"),
    path("khung/mau/", views.gallery, name="gallery"),
]
