-- row printf2: printf and format
SELECT printf('%5d|%-5d|%05d|%+d|% d|%,d', 42, 42, 42, 42, 42, 1234567), format('%x %X %o %c', 255, 255, 8, 'abc');
SELECT printf('%.2f|%8.3f|%-8.1f|%e|%g|%G', 3.14159, 3.14159, 3.14159, 31415.9, 0.0001, 1e20), printf('%.3s|%10s|%-10s|', 'abcdef', 'abc', 'abc');
SELECT printf('%q', 'it''s'), printf('%Q', 'it''s'), printf('%Q', NULL), printf('%w', 'a"b'), printf('%%'), printf('%s', NULL), printf('%d', NULL);
SELECT printf('%*d', 6, 42), printf('%.*f', 2, 3.14159), printf('%d', '12abc'), printf('%s', 3.0), printf('%s', 1e100), printf('%d', 3.99), printf('%f', 'x');
-- different: the flag ! of printf() is not supported and fails when the statement runs
SELECT printf('%!.20f', 0.1), printf('%.15g', 0.1), printf('%#x', 255), printf('%lld', 9223372036854775807), printf('%u', 5), printf('%i', -5), printf('%s %s', 'a');
SELECT printf('%04d-%02d', 7, 3), printf('$%.2f', unit) FROM line ORDER BY id;
SELECT printf(NULL), printf('%'), printf('abc'), format('%s=%d', key, value) FROM setting ORDER BY key;
SELECT printf('%08.2f|%+.1f|% .1f|%.0f|%.0f', 3.14159, 2.0, 2.0, 0.5, 1.5), printf('%c%c', 'xa', 'yb'), printf('%z', 1);
