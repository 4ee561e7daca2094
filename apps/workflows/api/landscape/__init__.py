"""The account's workflows together: references and the map."""
