-- One row per attachable: a file or note attached to records.
{% call qbo_entity('attachable') %}
    FileName                  text
    Note                      text
    Category                  text
    ContentType               text
    Size                      integer
    Tag                       text
    PlaceName                 text
    Lat                       text
    Long                      text
    FileAccessUri             text
    TempDownloadUri           text
    ThumbnailFileAccessUri    text
    ThumbnailTempDownloadUri  text
    documentId                text
    AttachableRef             list
{% endcall %}
