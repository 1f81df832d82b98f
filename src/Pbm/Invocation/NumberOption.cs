using System.CommandLine;
using System.Globalization;

namespace AkkaScale.Pbm.Invocation;

/// <summary>An option that takes a whole number within bounds.</summary>
internal static class NumberOption
{
    public static Option<int> Create(string name, int value, int least, int most, string description)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            HelpName = "n",
            DefaultValueFactory = _ => value,
        };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Implicit)
            {
                return;
            }

            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number)
                && (number < least || number > most))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be between {least} and {most}."));
            }
        });
        return option;
    }
}
