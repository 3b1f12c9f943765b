// Arguments that training hardly ever meets: the host calls ../../numbers itself, so the bits are the twin's.

// @ts-ignore: decorator
@external('host', 'exp')
export declare function hostExp(x: f64): f64;

// @ts-ignore: decorator
@external('host', 'log')
export declare function hostLog(x: f64): f64;

// @ts-ignore: decorator
@external('host', 'pow')
export declare function hostPow(x: f64, y: f64): f64;

// @ts-ignore: decorator
@external('host', 'sech2')
export declare function hostSech2(x: f64): f64;

// @ts-ignore: decorator
@external('host', 'sigmoid')
export declare function hostSigmoid(x: f64): f64;

// @ts-ignore: decorator
@external('host', 'softplus')
export declare function hostSoftplus(x: f64): f64;

// @ts-ignore: decorator
@external('host', 'sin')
export declare function hostSin(x: f64): f64;

// @ts-ignore: decorator
@external('host', 'cos')
export declare function hostCos(x: f64): f64;
