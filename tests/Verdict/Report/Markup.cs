using System.Globalization;
using System.Net;

namespace AkkaScale.Tests.Verdict.Report;

/// <summary>What goes into the page: text is escaped, numbers know no culture.</summary>
internal static class Markup
{
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A coordinate.</summary>
    public static string Of(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>"1,000,000"</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
