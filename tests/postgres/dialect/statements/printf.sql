SELECT printf('%d|%5d|%-5d|%05d|%+d|% d|%,d', 42, 42, 42, 42, 42, 42, 1234567), printf('%d', '12abc'), printf('%d', 3.9), printf('%d', NULL);
SELECT printf('%f|%.2f|%8.3f|%-8.1f|%08.2f|%+.1f', 3.14159, 3.14159, 3.14159, 3.14159, 3.14159, 3.14159), printf('%.0f', 2.5), printf('%,.2f', 1234567.891), printf('%.2f', NULL);
SELECT printf('%s|%10s|%-10s|%.2s', 'abc', 'abc', 'abc', 'abc'), printf('%s', NULL), printf('%s', 5), printf('%s', 1.5), printf('%c', 'hello'), printf('100%%');
SELECT printf('%x|%X|%o|%08x', 255, 255, 8, 255), printf('%u', 7), printf('%q|%Q|%w', 'it''s', 'it''s', 'a"b'), printf('%Q', NULL);
SELECT printf('%e|%.2e|%E', 12345.678, 12345.678, 0.00012), printf('%g|%g|%g|%G', 100000, 1000000, 0.0001, 1e-10), printf('%g', 1.5);
SELECT printf('%*d|%-*d|%.*f', 6, 42, 6, 42, 2, 3.14159), format('%s-%s', 'a', 'b'), printf('plain'), printf(NULL);
SELECT Id, printf('%04d-%s-%.1f', Id, Name, Score), printf('%.2f', Price), printf('%05.1f', Age) FROM People;
SELECT printf('%d%%', 5), printf('%s'), printf('%d %d', 1), printf('%5.1f|%-8s|', 2.25, 'x'), printf('%ld %lld', 1, 2);
