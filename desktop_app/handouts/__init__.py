"""Paper for visitors: info sheet, Merkzettel and the recovery sheet of the office."""
