using System.Globalization;
using AkkaScale.Pbm.CommandLine;

// Scripts read what it prints: numbers and times are the same whatever the machine's language.
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
return await PbmProgram.RunAsync(args).ConfigureAwait(false);
